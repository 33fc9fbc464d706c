"""The tables of the board report, as a warehouse has them, for tests that draw."""

BOARD_SCHEMA = """
create table rpt_board_measures (quarter text, force_code text, row_position int,
    section_number text, strand text, measure text, measure_name text, short_name text,
    is_plural bool, is_defined_by_outcome bool, measure_unit text, aim text,
    first_counted_month date,
    previous_solved_pct decimal(12, 1), previous_solved bigint,
    previous_recorded bigint, solved_pct decimal(12, 1), solved bigint,
    recorded bigint, solved_change_code text, rate_per_1000 decimal(12, 1),
    positive_pct decimal(12, 1), gap_reasons json, status text);
create table rpt_board_comparisons (quarter text, force_code text, row_position int,
    measure text, comparison text, period_start date, period_end date, base_start date,
    base_end date, base_count bigint, current_count bigint, difference bigint,
    difference_pct decimal(12, 1), change_code text, range_lower_text text,
    range_upper_text text, clearness decimal(12, 2), months_lower int,
    months_higher int, months_equal int, status text);
create table rpt_board_months (quarter text, force_code text, measure text, month date,
    monthly_count bigint, phase int, phase_cause text, average decimal(12, 1),
    lower_limit decimal(12, 1), upper_limit decimal(12, 1), signal_code text,
    signal_side text, run_length int, run_start date, run_end date, is_in_quarter bool,
    is_lowest bool, is_highest bool);
create table rpt_board_signals (quarter text, force_code text, measure text,
    message_code text, side text, months date[], run_length int, run_start date,
    run_end date);
create table rpt_board_areas (quarter text, force_code text, measure text,
    row_position int, area_level text, area_name text, base_count bigint,
    current_count bigint, difference bigint, change_code text, status text,
    is_lowest bool, is_highest bool);
create table rpt_board_area_rates (quarter text, force_code text, measure text,
    row_position int, area_name text, rate_per_1000 decimal(12, 1),
    force_rate_per_1000 decimal(12, 1), rate_class text, status text);
create table rpt_board_force_rates (quarter text, force_code text, measure text,
    period_start date, period_end date, rate_per_1000 decimal(12, 1),
    middle_rate decimal(12, 1), highest_rate decimal(12, 1), force_place bigint,
    force_count bigint, rates decimal(12, 1)[], few_residents text[],
    months_missing text[], types_missing text[]);
create table rpt_board_events (quarter text, force_code text, event_name text,
    event_start_date date, event_end_date date);
create table rpt_board_plan (quarter text, force_code text, row_position int,
    strand text, total bigint, complete bigint, complete_pct decimal(12, 1),
    ongoing bigint, at_risk bigint, complete_change bigint, previous_complete bigint,
    previous_at_risk bigint, previous_as_at_date date, delivered_count bigint,
    delivered_before_count bigint, other_complete_count bigint,
    no_longer_complete_count bigint, scheduled_count bigint, overdue_count bigint,
    moved_count bigint, unowned_count bigint, held_not_counted bigint,
    held_as_before bigint);
create table rpt_actions_delivered (quarter text, force_code text, row_position bigint,
    strand text, action_id text, action_title text, owner_role text, due_date date,
    completed_date date, status text);
create table rpt_actions_scheduled (quarter text, force_code text, row_position bigint,
    strand text, action_id text, action_title text, owner_role text, due_date date,
    status text);
create table rpt_actions_overdue (quarter text, force_code text, row_position bigint,
    strand text, action_id text, action_title text, days_overdue bigint,
    owner_role text, due_date date, status text);
create table rpt_actions_slipped (quarter text, force_code text, row_position bigint,
    strand text, action_id text, action_title text, days_slipped bigint,
    owner_role text, previous_due_date date, due_date date, status text);
create table rpt_actions_at_risk (quarter text, force_code text, row_position bigint,
    strand text, action_id text, action_title text, owner_role text,
    at_risk_reason text, mitigation text, due_date date, status text);
create table rpt_actions_without_owner (quarter text, force_code text,
    row_position bigint, strand text, action_id text, action_title text, due_date date,
    status text);
create table rpt_quarantine (quarter text, force_code text, row_position bigint,
    held_extract text, file_name text, reason text, remedy text, held_line_count bigint,
    held_since_date date);
create table rpt_board_results (quarter text, force_code text, row_position int,
    strand text, unit text, measure text, measure_name text, is_plural boolean,
    part text, quantity_unit text, period_start date, period_end date, base_start date,
    base_end date, year_before_quantity decimal(18, 1), quantity decimal(18, 1),
    quantity_difference decimal(18, 1), difference_pct decimal(12, 1), change_code text,
    range_lower_text text, range_upper_text text, clearness decimal(12, 2),
    months_lower bigint, months_higher bigint, months_equal bigint, status text);
"""

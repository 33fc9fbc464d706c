-- Every code and name by which a seed points to another. One test for all of them: a
-- test of each column would take longer than all that they guard.
-- (seed, what it names, the seed that holds it, and there in which column)

{{ config(meta={'dagster': {'ref': {'name': 'table_details'}}}) }}

{% set names = [
    ('breakdown_extracts', 'extract', 'extracts', 'extract'),
    ('combined_areas', 'district_code', 'districts', 'district_code'),
    ('combined_areas', 'measure_code', 'measures', 'measure_code'),
    ('comparisons', 'table_name', 'report_tables', 'table_name'),
    ('district_tables', 'measure_code', 'measures', 'measure_code'),
    ('district_tables', 'table_name', 'report_tables', 'table_name'),
    ('districts', 'force_code', 'forces', 'force_code'),
    ('figure_parts', 'column_name', 'report_columns', 'column_name'),
    ('figure_parts', 'comparison_code', 'comparisons', 'comparison_code'),
    (
        'figure_parts',
        "unnest(string_split(part_columns, '|'))",
        'report_columns',
        'column_name',
    ),
    ('figure_parts', 'table_name', 'report_tables', 'table_name'),
    ('insights', 'base_column', 'report_columns', 'column_name'),
    ('insights', 'condition_column', 'report_columns', 'column_name'),
    ('insights', 'current_column', 'report_columns', 'column_name'),
    ('insights', 'table_name', 'report_tables', 'table_name'),
    ('measure_rules', 'measure_code', 'measures', 'measure_code'),
    ('measure_rules', 'offence_code', 'offences', 'offence_code'),
    ('measure_rules', 'offence_group', 'offences', 'offence_group'),
    ('measure_rules', 'offence_subgroup', 'offences', 'offence_subgroup'),
    ('measures', 'source_extract', 'extracts', 'extract'),
    ('month_charts', 'measure_code', 'measures', 'measure_code'),
    ('month_charts', 'table_name', 'report_tables', 'table_name'),
    ('plan_priorities', 'force_code', 'forces', 'force_code'),
    ('plan_priorities', 'strand_code', 'strands', 'strand_code'),
    ('published_differences', 'figure_id', 'published_figures', 'figure_id'),
    ('published_figures', 'measure_code', 'measures', 'measure_code'),
    ('published_sources', 'extract', 'extracts', 'extract'),
    ('report_column_parts', 'column_name', 'report_columns', 'column_name'),
    ('report_column_parts', 'numerator_column', 'report_columns', 'column_name'),
    (
        'report_column_parts',
        "unnest(string_split(denominator_column, '|'))",
        'report_columns',
        'column_name',
    ),
    ('report_sentences', 'section_code', 'report_sections', 'section_code'),
    ('report_slots', 'section_code', 'report_sections', 'section_code'),
    ('reporting_calendar', 'force_code', 'forces', 'force_code'),
    ('result_periods', 'unit_name', 'categories', 'category'),
    ('strand_aliases', 'strand_code', 'strands', 'strand_code'),
    ('strand_leads', 'force_code', 'forces', 'force_code'),
    ('strand_leads', 'strand_code', 'strands', 'strand_code'),
    ('strand_measures', 'measure_code', 'measures', 'measure_code'),
    ('strand_measures', 'strand_code', 'strands', 'strand_code'),
    ('strand_measures', 'strategy_code', 'strategies', 'strategy_code'),
    ('strand_units', 'strand_code', 'strands', 'strand_code'),
    ('strand_units', 'strategy_code', 'strategies', 'strategy_code'),
    ('strand_units', 'unit_name', 'result_periods', 'unit_name'),
    ('strands', 'strategy_code', 'strategies', 'strategy_code'),
    ('strategies', 'force_code', 'forces', 'force_code'),
    ('supplementary_measures', 'measure_code', 'measures', 'measure_code'),
    ('supply_starts', 'extract', 'extracts', 'extract'),
    ('table_details', 'breakdown', 'breakdown_extracts', 'breakdown'),
    ('table_details', 'category', 'categories', 'category'),
    ('table_details', 'extract', 'extracts', 'extract'),
    ('table_details', 'measure_code', 'measures', 'measure_code'),
    ('table_details', 'table_name', 'report_tables', 'table_name'),
    ('table_measures', 'measure_code', 'measures', 'measure_code'),
    ('table_measures', 'table_name', 'report_tables', 'table_name'),
    ('table_sections', 'table_name', 'report_tables', 'table_name'),
] %}

with

unknown as (
    {{ unknown_names(names) }}
)

select * from unknown

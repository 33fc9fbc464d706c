-- A file of which too much is held back would make figures that mislead: nothing is
-- published until it is sent again, or its threshold is changed in
-- seeds/quarantine_thresholds.csv.

with

held_lines as (
    select * from {{ ref('int_held_lines_by_file') }}
)

select * from held_lines
where is_above_limit

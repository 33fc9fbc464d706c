-- Many lines of one file that are still held back are worth a look.

{{ config(severity='warn') }}

with

held_lines as (
    select * from {{ ref('int_held_lines_by_file') }}
)

select * from held_lines
where is_above_warning

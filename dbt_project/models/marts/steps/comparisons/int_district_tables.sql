-- The measures of each table by district. A measure with districts on the board report
-- has them in the annex too.

with

district_tables as (
    select * from {{ ref('district_tables') }}
),

board_area_measures as (
    select * from {{ ref('board_area_measures') }}
),

with_districts as (
    select
        table_name,
        measure_code
    from district_tables
    union all
    select
        'district_12_months' as table_name,
        board_area_measures.measure_code
    from board_area_measures
    anti join district_tables
        on board_area_measures.measure_code = district_tables.measure_code
)

select * from with_districts

-- Nobody is to find out from the figures that the last files of a quarter are missing.

{{ config(severity='warn') }}

with

missing_deliveries as (
    select * from {{ ref('rpt_missing_deliveries') }}
)

select * from missing_deliveries

-- If a file of the open data is refused, its month has no data or those of an earlier
-- file.

{{ config(
    severity='warn',
    meta={
        'dagster': {'ref': {'name': 'fct_loads'}},
        'description': 'Every file of the open data was loaded, or a later file of the'
            ~ ' same month was.',
        'remedy': 'Correct each file as its message says and give the archive again.'
            ~ ' Until then its month comes from an earlier file, or is not available.',
    },
) }}

with

loads as (
    select * from {{ ref('fct_loads') }}
),

refused as (
    select * from loads
    where file_status = 'rejected' and origin = 'open data'
),

taken as (
    select * from loads
    where file_status = 'loaded'
),

still_refused as (
    select
        refused.load_id,
        refused.archive_name,
        refused.file_name,
        refused.message
    from refused
    anti join taken
        on refused.extract = taken.extract
        and refused.file_name = taken.file_name
        and refused.load_id < taken.load_id
)

select * exclude (load_id)
from still_refused
order by load_id desc

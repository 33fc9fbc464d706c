-- Names are compared without case, spaces and punctuation. No two present-day districts
-- may have the same name after that.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'small_area_names'}},
        'description': 'No two present-day districts have the same name when names'
            ~ ' are compared without case, spaces and punctuation.',
        'remedy': 'Correct the name in seeds/reference/districts.csv or'
            ~ ' seeds/reference/small_area_names.csv.',
    },
) }}

with

districts as (
    select * from {{ ref('districts') }}
),

small_area_names as (
    select * from {{ ref('small_area_names') }}
),

named as (
    select
        district_name as area_name,
        district_code
    from districts
    union all
    select
        small_area_name as area_name,
        district_code
    from small_area_names
)

select {{ plain_name('named.area_name') }} as plain_name
from named
inner join districts on named.district_code = districts.district_code
group by all
having count(distinct coalesce(districts.became_code, districts.district_code)) > 1

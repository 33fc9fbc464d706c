with

-- Read twice, the second time for its keys alone; kept whole it would fill memory.
accepted as not materialized (
    select * from {{ ref('int_accepted_crimes') }}
    where not _is_closing
),

latest as (
    {{ latest_versions('accepted', 'crime_id') }}
)

select * from latest

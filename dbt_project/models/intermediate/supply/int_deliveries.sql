-- The deliveries that show something: applied, and with at least one line that could be
-- read. A file that holds its header alone says nothing of any month.

with

loads as (
    select * from {{ ref('stg_register__loads') }}
    where status = 'loaded' and month is null
),

extracts as (
    select * from {{ ref('extracts') }}
),

moments as (
    select distinct
        force_code,
        extract,
        extracted_at
    from loads
    where lines_stored + lines_unchanged > 0
),

followed as (
    select
        moments.force_code,
        moments.extract,
        extracts.delivery,
        extracts.cadence_days,
        moments.extracted_at,
        lead(moments.extracted_at) over (
            partition by moments.force_code, moments.extract
            order by moments.extracted_at
        ) as next_extracted_at
    from moments
    inner join extracts on moments.extract = extracts.extract
)

select * from followed

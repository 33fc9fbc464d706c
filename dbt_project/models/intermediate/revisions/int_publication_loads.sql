-- Files are compared by name and bytes, because load ids change if a late file has to
-- be loaded before later ones.

with

publications as (
    select * from {{ ref('stg_publications__publications') }}
),

published_loads as (
    select * from {{ ref('stg_publications__loads') }}
    where status = 'loaded'
),

loads as (
    select * from {{ ref('stg_register__loads') }}
    where status = 'loaded'
),

last_files as (
    select
        quarter,
        version,
        force_code,
        extract,
        max(extracted_at) as extracted_at
    from published_loads
    group by all
),

beside as (
    select distinct
        publications.quarter,
        publications.version,
        loads.load_id,
        loads.force_code,
        loads.extract,
        loads.month,
        loads.extracted_at,
        published_loads.sha256 is not null as is_known,
        coalesce(loads.extracted_at < last_files.extracted_at, false) as is_behind
    from publications
    cross join loads
    left join published_loads
        on publications.quarter = published_loads.quarter
        and publications.version = published_loads.version
        and loads.extract = published_loads.extract
        and loads.file_name = published_loads.file_name
        and loads.sha256 = published_loads.sha256
    left join last_files
        on publications.quarter = last_files.quarter
        and publications.version = last_files.version
        and loads.force_code = last_files.force_code
        and loads.extract = last_files.extract
)

select * from beside

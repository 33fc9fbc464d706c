-- The files from which the figures were made. The time of loading is left out, so that
-- the same files give the same pack.

with

loads as (
    select * from {{ ref('fct_loads') }}
),

chosen as (
    select
        force_code,
        load_id,
        extract,
        origin,
        archive_name,
        file_name,
        sha256,
        file_status,
        lines_delivered,
        lines_accepted,
        lines_unchanged,
        lines_quarantined,
        lines_unreadable,
        extracted_at
    from loads
)

select * from chosen

-- The versions of a quarter that were given out, and how many of their figures are
-- different now.

with

publications as (
    select * from {{ ref('fct_publications') }}
),

revisions as (
    select * from {{ ref('rpt_revisions') }}
),

counted as (
    select
        revisions.quarter,
        revisions.force_code,
        revisions.version,
        publications.published_at,
        count(*) as figure_count,
        count(*) filter (
            where revisions.current_value is distinct from revisions.published_value
        ) as revised_count
    from revisions
    inner join publications using (quarter, version)
    group by all
)

select * from counted

-- The counts by kind of change add up to the difference. There is only a remainder if
-- rules or code have changed, or if a file arrived after a later one and both have the
-- same line.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_revisions'}},
        'description': 'The counts of each kind of change add up to the difference'
            ~ " between a published count and today's count.",
        'remedy': 'If a rule or seed has changed since the publication, publish'
            ~ ' the quarter again. If a file arrived after a later file, look for'
            ~ ' a line that is in both.',
    },
) }}

with

revisions as (
    select * from {{ ref('rpt_revisions') }}
    where is_attributed
),

publications as (
    select * from {{ ref('fct_publications') }}
    where is_same_code
),

came_behind as (
    select * from {{ ref('int_publication_loads') }}
    where is_behind and not is_known
),

unexplained as (
    select revisions.*
    from revisions
    semi join publications
        on revisions.quarter = publications.quarter
        and revisions.version = publications.version
    anti join came_behind
        on revisions.quarter = came_behind.quarter
        and revisions.version = came_behind.version
    where revisions.otherwise <> 0
)

select * from unexplained

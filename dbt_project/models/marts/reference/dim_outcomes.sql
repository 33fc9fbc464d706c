-- With members for a crime without an outcome and for one that no list has, so that a
-- join to the crimes loses none of them.

with

outcomes as (
    select * from {{ ref('outcomes') }}
),

members as (
    select members.*
    from
        (
            values
            ({{ no_outcome() }}, 'No outcome yet', false),
            ({{ not_recognised_outcome() }}, {{ not_recognised() }}, null)
        ) as members (outcome_code, outcome_name, is_positive)
),

together as (
    select
        outcome_code,
        outcome_name,
        is_positive
    from outcomes
    union all
    select * from members
),

-- 1, 1A, 2, …, 22, and the members last.
ordered as (
    select
        outcome_code,
        outcome_name,
        is_positive,
        cast(
            row_number() over (
                order by
                    try_cast(regexp_extract(outcome_code, '^[0-9]+') as integer)
                    nulls last,
                    outcome_code
            ) as integer
        ) as outcome_position
    from together
)

select * from ordered

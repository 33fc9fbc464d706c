-- The number of held lines that could count in each breakdown and month: in one
-- category, or in any category if their value is not listed. A motivation could only
-- count with its crime.

with

held_lines as (
    select
        held_lines.*,
        loads.force_code
    from {{ ref('fct_quarantined_lines') }} as held_lines
    inner join {{ ref('stg_register__loads') }} as loads
        on held_lines.load_id = loads.load_id
    where held_lines.is_open and not held_lines.counts_as_before
),

crime_measures as (
    select * from {{ ref('fct_crime_measures') }}
),

categories as (
    select * from {{ ref('categories') }}
),

forces as (
    select * from {{ ref('forces') }}
),

-- A line whose kind is not listed could be of either kind.
motivations as (
    select
        held_lines.force_code,
        replace(crime_measures.measure_code, '_crime', '_motivation') as breakdown,
        held_lines.line_text ->> 'motivation' as value,
        crime_measures.recorded_month as month
    from held_lines
    inner join crime_measures
        on held_lines.force_code = crime_measures.force_code
        and held_lines.line_text ->> 'crime_id' = crime_measures.crime_id
        and crime_measures.measure_code in ('hate_crime', 'knife_crime')
    where
        held_lines.extract = 'crime_motivations'
        and (
            coalesce(lower(held_lines.line_text ->> 'motivation_kind'), '')
            not in ('hate', 'knife')
            or lower(held_lines.line_text ->> 'motivation_kind') || '_crime'
            = crime_measures.measure_code
        )
),

referrals as (
    select
        held_lines.force_code,
        unnest(['prevent_source', 'prevent_outcome', 'prevent_ideology']) as breakdown,
        unnest([
            held_lines.line_text ->> 'source',
            held_lines.line_text ->> 'outcome',
            held_lines.line_text ->> 'ideology'
        ]) as value,
        cast(
            date_trunc(
                'month', try_cast(held_lines.line_text ->> 'received_date' as date)
            ) as date
        ) as month
    from held_lines
    left join forces
        on held_lines.line_text ->> 'referral_force_code' = forces.force_code
    where
        held_lines.extract = 'prevent_referrals'
        and coalesce(forces.force_code, held_lines.force_code) = held_lines.force_code
),

together as (
    select * from motivations
    union all by name
    select * from referrals
),

counted as (
    select
        together.force_code,
        together.breakdown,
        categories.category,
        together.month,
        count(*) as line_count
    from together
    left join categories
        on together.breakdown = categories.breakdown
        and together.value = categories.category
    where together.month is not null
    group by all
)

select * from counted

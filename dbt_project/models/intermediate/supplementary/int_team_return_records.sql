with

team_returns as (
    {{ standing_rows('team_returns', 'as_at_date, return_item') }}
),

supplementary_measures as (
    select * from {{ ref('supplementary_measures') }}
),

named as (
    select
        'team_returns' as extract,
        team_returns._force_code as force_code,
        team_returns.as_at_date || ' ' || team_returns.return_item as record_id,
        supplementary_measures.measure_code,
        cast(date_trunc('month', team_returns.as_at_date) as date) as month,
        'force' as area_level,
        team_returns._force_code as area_code,
        team_returns.quantity as value,
        null as numerator,
        null as denominator
    from team_returns
    inner join supplementary_measures
        on team_returns.return_item = supplementary_measures.source_value
)

select * from named

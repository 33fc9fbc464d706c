with

suspects as (
    {{ standing_rows('outstanding_suspects', 'as_at_date, lpa_name') }}
),

named as (
    select
        'outstanding_suspects' as extract,
        _force_code as force_code,
        as_at_date || ' ' || lpa_name as record_id,
        'outstanding_suspects' as measure_code,
        cast(date_trunc('month', as_at_date) as date) as month,
        'lpa' as area_level,
        lpa_name as area_code,
        suspect_count as value,
        null as numerator,
        null as denominator
    from suspects
)

select * from named

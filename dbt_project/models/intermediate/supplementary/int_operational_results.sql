with

results as (
    {{ standing_rows('operational_results', 'result_id') }}
),

supplementary_measures as (
    select * from {{ ref('supplementary_measures') }}
),

named as (
    select
        results.result_id,
        results._force_code as force_code,
        supplementary_measures.measure_code,
        results.unit_name,
        results.drug_class,
        results.person_kind,
        results.quantity,
        results.result_month as month
    from results
    inner join supplementary_measures
        on results.result_kind = supplementary_measures.source_value
)

select * from named

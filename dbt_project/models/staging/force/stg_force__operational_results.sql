-- depends_on: {{ ref('categories') }}, {{ ref('supplementary_measures') }}

with

operational_results as (
    select * from {{ source('raw', 'operational_results') }}
),

texts as (
    select
        {{ line_columns() }},
        {{ contract_texts('operational_results') }}
    from operational_results
),

typed as (
    select
        *,
        {{ contract_columns('operational_results') }}
    from texts
),

checked as (
    select
        {{ line_columns() }},
        {{ contract_names('operational_results') }},
        {{ is_held('operational_results') }} as is_held,
        {{ quarantine_reasons('operational_results') }} as quarantine_reasons,
        {{ contract_line_text('operational_results') }} as line_text,
        _delivered as delivered_text
    from typed
)

select * from checked

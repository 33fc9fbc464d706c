-- depends_on: {{ ref('categories') }}

with

crime_motivations as (
    select * from {{ source('raw', 'crime_motivations') }}
),

texts as (
    select
        {{ line_columns() }},
        {{ contract_texts('crime_motivations') }}
    from crime_motivations
),

typed as (
    select
        *,
        {{ contract_columns('crime_motivations') }}
    from texts
),

checked as (
    select
        {{ line_columns() }},
        {{ contract_names('crime_motivations') }},
        {{ is_held('crime_motivations') }} as is_held,
        {{ quarantine_reasons('crime_motivations') }} as quarantine_reasons,
        {{ contract_line_text('crime_motivations') }} as line_text,
        _delivered as delivered_text
    from typed
)

select * from checked

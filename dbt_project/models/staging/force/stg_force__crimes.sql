-- depends_on: {{ ref('offences') }}, {{ ref('districts') }}, {{ ref('outcomes') }}

with

crimes as (
    select * from {{ source('raw', 'crimes') }}
),

texts as (
    select
        {{ line_columns() }},
        {{ contract_texts('crimes') }}
    from crimes
),

typed as (
    select
        *,
        {{ contract_columns('crimes') }}
    from texts
),

checked as (
    select
        {{ line_columns() }},
        {{ contract_names('crimes') }},
        {{ is_held('crimes') }} as is_held,
        {{ quarantine_reasons('crimes') }} as quarantine_reasons,
        {{ contract_line_text('crimes') }} as line_text,
        _delivered as delivered_text
    from typed
)

select * from {{ counted('checked') }}

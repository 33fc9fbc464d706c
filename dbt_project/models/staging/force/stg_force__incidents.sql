-- depends_on: {{ ref('districts') }}

-- Several extracts share this contract, and the register says which one a line is of.

with

incidents as (
    select * from {{ source('raw', 'incidents') }}
),

loads as (
    select * from {{ source('raw', 'loads') }}
),

of_extracts as (
    select
        incidents.*,
        loads.extract as _extract
    from incidents
    left join loads on incidents._load_id = loads.load_id
),

texts as (
    select
        _extract,
        {{ line_columns() }},
        {{ contract_texts('incidents') }}
    from of_extracts
),

typed as (
    select
        *,
        {{ contract_columns('incidents') }}
    from texts
),

checked as (
    select
        _extract,
        {{ line_columns() }},
        {{ contract_names('incidents') }},
        {{ is_held('incidents') }} as is_held,
        {{ quarantine_reasons('incidents') }} as quarantine_reasons,
        {{ contract_line_text('incidents') }} as line_text,
        _delivered as delivered_text
    from typed
)

select * from checked

-- depends_on: {{ ref('strands') }}, {{ ref('strand_aliases') }}

with

actions as (
    select * from {{ source('raw', 'actions') }}
),

texts as (
    select
        {{ line_columns() }},
        {{ contract_texts('actions') }}
    from actions
),

typed as (
    select
        *,
        {{ contract_columns('actions') }}
    from texts
),

checked as (
    select
        {{ line_columns() }},
        {{ contract_names('actions') }},
        {{ is_held('actions') }} as is_held,
        {{ quarantine_reasons('actions') }} as quarantine_reasons,
        {{ contract_line_text('actions') }} as line_text,
        _delivered as delivered_text
    from typed
)

select * from checked

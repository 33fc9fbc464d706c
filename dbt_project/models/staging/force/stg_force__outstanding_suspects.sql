-- depends_on: {{ ref('districts') }}

with

outstanding_suspects as (
    select * from {{ source('raw', 'outstanding_suspects') }}
),

texts as (
    select
        {{ line_columns() }},
        {{ contract_texts('outstanding_suspects') }}
    from outstanding_suspects
),

typed as (
    select
        *,
        {{ contract_columns('outstanding_suspects') }}
    from texts
),

checked as (
    select
        {{ line_columns() }},
        {{ contract_names('outstanding_suspects') }},
        {{ is_held('outstanding_suspects') }} as is_held,
        {{ quarantine_reasons('outstanding_suspects') }} as quarantine_reasons,
        {{ contract_line_text('outstanding_suspects') }} as line_text,
        _delivered as delivered_text
    from typed
)

select * from checked

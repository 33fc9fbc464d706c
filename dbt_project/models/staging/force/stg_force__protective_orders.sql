with

protective_orders as (
    select * from {{ source('raw', 'protective_orders') }}
),

texts as (
    select
        {{ line_columns() }},
        {{ contract_texts('protective_orders') }}
    from protective_orders
),

typed as (
    select
        *,
        {{ contract_columns('protective_orders') }}
    from texts
),

checked as (
    select
        {{ line_columns() }},
        {{ contract_names('protective_orders') }},
        {{ is_held('protective_orders') }} as is_held,
        {{ quarantine_reasons('protective_orders') }} as quarantine_reasons,
        {{ contract_line_text('protective_orders') }} as line_text,
        _delivered as delivered_text
    from typed
)

select * from checked

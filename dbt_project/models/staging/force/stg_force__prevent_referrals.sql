-- depends_on: {{ ref('forces') }}, {{ ref('categories') }}

with

prevent_referrals as (
    select * from {{ source('raw', 'prevent_referrals') }}
),

texts as (
    select
        {{ line_columns() }},
        {{ contract_texts('prevent_referrals') }}
    from prevent_referrals
),

typed as (
    select
        *,
        {{ contract_columns('prevent_referrals') }}
    from texts
),

checked as (
    select
        {{ line_columns() }},
        {{ contract_names('prevent_referrals') }},
        {{ is_held('prevent_referrals') }} as is_held,
        {{ quarantine_reasons('prevent_referrals') }} as quarantine_reasons,
        {{ contract_line_text('prevent_referrals') }} as line_text,
        _delivered as delivered_text
    from typed
)

select * from checked

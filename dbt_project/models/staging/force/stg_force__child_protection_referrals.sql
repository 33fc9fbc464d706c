-- depends_on: {{ ref('supplementary_measures') }}

with

child_protection_referrals as (
    select * from {{ source('raw', 'child_protection_referrals') }}
),

texts as (
    select
        {{ line_columns() }},
        {{ contract_texts('child_protection_referrals') }}
    from child_protection_referrals
),

typed as (
    select
        *,
        {{ contract_columns('child_protection_referrals') }}
    from texts
),

checked as (
    select
        {{ line_columns() }},
        {{ contract_names('child_protection_referrals') }},
        {{ is_held('child_protection_referrals') }} as is_held,
        {{ quarantine_reasons('child_protection_referrals') }} as quarantine_reasons,
        {{ contract_line_text('child_protection_referrals') }} as line_text,
        _delivered as delivered_text
    from typed
)

select * from checked

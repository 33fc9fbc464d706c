-- depends_on: {{ ref('supplementary_measures') }}

with

team_returns as (
    select * from {{ source('raw', 'team_returns') }}
),

texts as (
    select
        {{ line_columns() }},
        {{ contract_texts('team_returns') }}
    from team_returns
),

typed as (
    select
        *,
        {{ contract_columns('team_returns') }}
    from texts
),

checked as (
    select
        {{ line_columns() }},
        {{ contract_names('team_returns') }},
        {{ is_held('team_returns') }} as is_held,
        {{ quarantine_reasons('team_returns') }} as quarantine_reasons,
        {{ contract_line_text('team_returns') }} as line_text,
        _delivered as delivered_text
    from typed
)

select * from checked

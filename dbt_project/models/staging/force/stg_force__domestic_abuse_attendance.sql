-- depends_on: {{ ref('districts') }}

with

domestic_abuse_attendance as (
    select * from {{ source('raw', 'domestic_abuse_attendance') }}
),

texts as (
    select
        {{ line_columns() }},
        {{ contract_texts('domestic_abuse_attendance') }}
    from domestic_abuse_attendance
),

typed as (
    select
        *,
        {{ contract_columns('domestic_abuse_attendance') }}
    from texts
),

checked as (
    select
        {{ line_columns() }},
        {{ contract_names('domestic_abuse_attendance') }},
        {{ is_held('domestic_abuse_attendance') }} as is_held,
        {{ quarantine_reasons('domestic_abuse_attendance') }} as quarantine_reasons,
        {{ contract_line_text('domestic_abuse_attendance') }} as line_text,
        _delivered as delivered_text
    from typed
)

select * from checked

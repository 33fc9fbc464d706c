{{ config(
    on_schema_change='fail',
    pre_hook="{{ delete_new_loads('_load_id') }}",
) }}

-- Includes the lines that close a crime because an extract no longer contains it.

with

crimes as (
    select
        {{ all_but(['is_held', 'quarantine_reasons', 'line_text', 'delivered_text']) }}
    from {{ ref('stg_force__crimes') }}
    where {{ is_new_load('_load_id') }}
),

quarantined as (
    select
        load_id,
        line
    from {{ ref('int_held_lines') }}
    where extract = 'crimes'
),

accepted as (
    select crimes.*
    from crimes
    anti join quarantined
        on crimes._load_id = quarantined.load_id and crimes._line = quarantined.line
)

select * from accepted

-- One decimal, in tables and everywhere (I16 of the published report): the contract of
-- a report model gives each column of percentages or points the type that holds one.

{{ config(
    meta={
        'dagster': {'ref': {'name': 'report_columns'}},
        'description': 'A column of percentages or percentage points has a type with'
            ~ ' one decimal.',
        'remedy': 'Give the column the type decimal(n,1) in the YAML of its'
            ~ ' report model.',
    },
) }}

with

contract_columns as (
    {{ report_contract_columns() }}
),

report_columns as (
    select * from {{ ref('report_columns') }}
    where
        number_format in ('pct', 'signed_pct')
        or column_name like '%\_points' escape '\'
),

other_types as (
    select contract_columns.*
    from contract_columns
    inner join report_columns
        on contract_columns.column_name = report_columns.column_name
    where not regexp_full_match(contract_columns.data_type, 'decimal\(\d+,1\)')
)

select * from other_types

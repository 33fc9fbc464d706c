-- The identity of lines: delivered = accepted + unchanged + quarantined + unreadable.

{{ config(
    meta={
        'description': 'Every line of every file is accepted, unchanged, quarantined'
            ~ ' or unreadable, and none is two of these.',
        'remedy': 'The intake lost a line, or has one twice: keep the file, and'
            ~ ' report it with its extract. Nothing is published until the'
            ~ ' counts agree.',
    },
) }}

with

loads as (
    select * from {{ ref('fct_loads') }}
),

unaccounted_for as (
    select
        file_name,
        extract,
        lines_delivered,
        lines_accepted,
        lines_unchanged,
        lines_quarantined,
        lines_unreadable
    from loads
    where not is_accounted_for
)

select * from unaccounted_for

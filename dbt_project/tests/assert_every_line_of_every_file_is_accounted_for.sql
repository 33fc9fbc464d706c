-- For each file: lines delivered = accepted + unchanged + quarantined + unreadable.

{{ config(
    meta={
        'description': 'Every line of every file is either accepted, unchanged,'
            ~ ' quarantined or unreadable.',
        'remedy': 'The intake has lost a line or counted a line twice. Keep the'
            ~ ' file, and report it with its extract. Nothing is published until'
            ~ ' the counts agree.',
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

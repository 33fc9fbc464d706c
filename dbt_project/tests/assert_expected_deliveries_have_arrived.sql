-- Warns if the last files of a quarter are missing, which the figures alone do not
-- show.

{{ config(
    severity='warn',
    meta={
        'description': "Every delivery that was due by a quarter's cut-off has"
            ~ ' arrived.',
        'remedy': 'Ask for the missing files, named with the times at which they'
            ~ ' were extracted, and run again. Until then, the months that they'
            ~ ' cover are not available.',
    },
) }}

with

missing_deliveries as (
    select
        quarter,
        extract,
        missing_count,
        first_expected_date,
        last_expected_date,
        last_delivered_date,
        cut_off_date
    from {{ ref('rpt_missing_deliveries') }}
)

select * from missing_deliveries
order by cut_off_date desc, last_delivered_date asc

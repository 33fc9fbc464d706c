-- Nobody is to find out from the figures that the last files of a quarter are missing.

{{ config(
    severity='warn',
    meta={
        'description': "Every delivery that a quarter's cut-off expected has come.",
        'remedy': 'Have the missing files delivered under the times at which they were'
            ~ ' extracted and run again. The months that they would have shown are not'
            ~ ' available until then.',
    },
) }}

with

missing_deliveries as (
    select
        quarter,
        missing_text,
        last_delivered_date,
        cut_off_date
    from {{ ref('rpt_missing_deliveries') }}
)

select * from missing_deliveries

-- The rows of which each insight speaks, each with its two figures.

with

insights as (
    select * from {{ ref('int_insights') }}
),

figure_rows as (
    select
        * exclude (column_names),
        json_extract_string(row_json, '$.strand') as row_strand,
        cast(json_extract_string(row_json, '$.row_position') as bigint) as row_position
    from {{ ref('int_figure_rows') }}
),

spoken_of as (
    select
        insights.*,
        figure_rows.row_key,
        figure_rows.row_json,
        figure_rows.row_position,
        json_extract_string(figure_rows.row_json, '$.measure') as measure_code,
        json_extract_string(figure_rows.row_json, '$.status')
        = {{ wording("'available'") }} as is_available,
        cast(
            json_extract_string(
                figure_rows.row_json, '$.' || insights.current_column
            ) as decimal(18, 3)
        ) as current_value,
        cast(
            json_extract_string(figure_rows.row_json, '$.' || insights.base_column)
            as decimal(18, 3)
        ) as base_value
    from insights
    inner join figure_rows
        on insights.quarter = figure_rows.quarter
        and insights.force_code = figure_rows.force_code
        and insights.table_name = figure_rows.table_name
        and (
            not insights.is_by_strand
            or insights.strand is not distinct from figure_rows.row_strand
        )
        and (
            insights.condition_column is null
            or json_extract_string(
                figure_rows.row_json, '$.' || insights.condition_column
            ) = insights.condition_value
        )
)

select * from spoken_of

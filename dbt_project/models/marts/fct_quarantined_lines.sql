with

lines as (
    {{ union_extracts(
        '_load_id as load_id, _line as line, quarantine_reasons, line_text',
        'quarantine_reasons is not null'
    ) }}
),

loads as (
    select * from {{ ref('stg_register__loads') }}
),

with_file as (
    select
        lines.load_id,
        lines.line,
        lines.extract,
        loads.file_name,
        lines.quarantine_reasons,
        lines.line_text,
        loads.extracted_at
    from lines
    inner join loads on lines.load_id = loads.load_id
)

select * from with_file

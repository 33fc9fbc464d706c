with

mapped as (
    {{ mapped_lines() }}
),

loads as (
    select * from {{ ref('stg_register__loads') }}
),

of_files as (
    select
        mapped.load_id,
        mapped.line,
        mapped.extract,
        loads.file_name,
        mapped.place,
        mapped.line_key,
        mapped.is_held,
        mapped.delivered_text
    from mapped
    inner join loads on mapped.load_id = loads.load_id
)

select * from of_files

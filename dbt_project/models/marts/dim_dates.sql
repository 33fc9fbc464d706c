with

days as (
    select cast(unnest(
        generate_series(date '1999-04-01', date '2040-03-31', interval 1 day)
    ) as date) as date_day
),

named as (
    select
        date_day,
        cast(date_trunc('month', date_day) as date) as month_start_date,
        last_day(date_day) as month_end_date,
        strftime(date_day, '%Y-%m') as month_key,
        strftime(date_day, '%b %Y') as month_label,
        strftime(date_day, '%B %Y') as month_name,
        -- The police year runs from 1 April to 31 March.
        year(date_day - interval 3 month) as financial_year_start,
        quarter(date_day - interval 3 month) as financial_quarter,
        cast(date_trunc('week', date_day) as date) as week_start_date,
        isodow(date_day) as weekday_number,
        dayname(date_day) as weekday_name
    from days
),

keyed as (
    select
        date_day,
        month_start_date,
        month_end_date,
        month_key,
        month_label,
        month_name,
        cast(financial_year_start as integer) as financial_year_start,
        cast(financial_quarter as integer) as financial_quarter,
        financial_year_start
        || '/' || lpad(cast((financial_year_start + 1) % 100 as varchar), 2, '0')
            as police_year,
        week_start_date,
        cast(weekday_number as integer) as weekday_number,
        weekday_name
    from named
),

labelled as (
    select
        * exclude (police_year, week_start_date, weekday_number, weekday_name),
        replace(police_year, '/', '-') || '-q' || financial_quarter as quarter,
        'Q' || financial_quarter || ' ' || police_year as quarter_label,
        police_year,
        week_start_date,
        weekday_number,
        weekday_name
    from keyed
)

select * from labelled

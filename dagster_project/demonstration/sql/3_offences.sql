-- One row per month and offence: the number of crimes to be counted.
create table offence_counts as
with weights as (
    select
        months.month_number,
        offence_mix.offence_code,
        offence_mix.budget,
        case offence_mix.budget
            when 'residential_burglary' then months.residential_burglary
            when 'personal_robbery' then months.personal_robbery
            when 'fraud' then months.fraud
            else
                months.all_recorded_crime - months.residential_burglary
                - months.personal_robbery - months.fraud
        end as budget_count,
        offence_mix.share * (
            10000 + (offence_mix.lockdown_pct - 100) * months.lockdown_pct
        ) as weight,
    from months
    cross join offence_mix
),

-- The running total is rounded, and not each part, so the sum is exact. The month's own
-- start decides in which months a rare offence occurs.
running as (
    select
        *,
        sum(weight) over budgets as weight_so_far,
        sum(weight) over (partition by month_number, budget) as all_weight,
        all_weight * draw(month_number, 9) // 65536 as start,
    from weights
    window budgets as (partition by month_number, budget order by offence_code)
)

select
    month_number,
    offence_code,
    (
        (budget_count * weight_so_far + start) // all_weight
        - (budget_count * (weight_so_far - weight) + start) // all_weight
    )::bigint as code_count,
from running;

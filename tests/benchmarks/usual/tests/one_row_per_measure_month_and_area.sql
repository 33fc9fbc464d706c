select
    measure_code,
    month,
    area_code,
from {{ ref('fct_measures_monthly') }}
group by all
having count(*) > 1

select
    crime_id,
    measure_code,
from {{ ref('fct_crime_measures') }}
group by all
having count(*) > 1

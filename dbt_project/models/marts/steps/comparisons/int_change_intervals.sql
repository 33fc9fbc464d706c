-- The 95% interval of the change between two counts, and the word of the change. The
-- interval is a quasi-Poisson interval of the ratio of the daily rates. It uses
-- Student's t if the months vary more than counts of independent events do, otherwise
-- the normal distribution. The word comes from the unrounded limits; for example, there
-- is no clear change if the interval includes 1 (docs/decisions/0021).
--
-- The dispersion says how much more the months of two years differ than counts of
-- independent events do. It is the chi-squared statistic of months by years, divided by
-- its degrees of freedom, and at least 1. It is computed over all paired months, and
-- within the four quarters, so that one quarter's lockdown does not widen the interval
-- of another quarter. Fractions are added in the order of the months, so that every
-- build gives exactly the same result.

with

-- Amounts in pounds and kilograms have no interval.
measures as (
    select * from {{ ref('dim_measures') }}
    where {{ counts_events('measure_unit') }}
),

measures_by_area as (
    select * from {{ ref('int_measures_by_area') }}
    where value is not null
),

periods as (
    select * from {{ ref('int_compared_periods') }}
    where is_same_season
),

monthly as (
    select measures_by_area.*
    from measures_by_area
    semi join measures on measures_by_area.measure_code = measures.measure_code
),

{{ change_intervals() }}

select * from printed

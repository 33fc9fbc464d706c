{#-
    The identity of lines, for one raw table: every line that was delivered was
    accepted, known already, quarantined or unreadable. Shown on the raw asset.
-#}
{% test lines_accounted_for(model) %}

with

loads as (
    select * from {{ ref('fct_loads') }}
    where extract = '{{ model.identifier }}' and status = 'loaded'
),

unaccounted as (
    select * from loads
    where
        lines_delivered
        <> lines_accepted + lines_unchanged + lines_quarantined + lines_unreadable
)

select * from unaccounted

{% endtest %}

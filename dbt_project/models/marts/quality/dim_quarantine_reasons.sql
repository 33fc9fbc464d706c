with

rules as (
    {{ all_contract_rules() }}
),

worded as (
    select
        extract,
        reason_code,
        reason_kind,
        column_name as extract_column,
        {{ filled(wording("'reason_' || reason_kind"), {
            'column': "coalesce(column_name, '')",
            'detail': "coalesce(detail, '')",
        }) }} as reason,
        coalesce(
            remedy,
            {{ filled(wording("'remedy_' || reason_kind"), {
                'column': "coalesce(column_name, '')",
                'detail': "coalesce(detail, '')",
            }) }}
        ) as remedy
    from rules
)

select * from worded

"""The guard holds every limit, and takes no time over a hostile document."""

import time

import pytest
from graphql import build_schema, get_introspection_query, parse

from graphql_api import guard, limits

SCHEMA = build_schema(
    """
    type Query {
      tasks(first: Int, last: Int, after: String): TaskConnection!
      task(id: ID!): Task
      hello: String
    }
    type TaskConnection { nodes: [Task!]! edges: [TaskEdge!]! totalCount: Int! }
    type TaskEdge { cursor: String! node: Task! }
    type Task { id: ID! title: String drafts: [Draft!]! parent: Task }
    type Draft { id: ID! task: Task! }
    """
)


def tally(text: str, **variables: object) -> guard.Tally:
    return guard.measure(SCHEMA, parse(text), variables)


def refusal(text: str, **variables: object) -> str:
    errors = guard.refusals(SCHEMA, parse(text), variables)
    return errors[0].message if errors else ""


def test_a_page_costs_its_size_times_what_is_asked_of_each_row() -> None:
    assert tally("{ tasks(first: 10) { nodes { id title } } }").cost == 1 + 10 * 3
    assert tally("{ tasks(last: 7) { nodes { id title } } }").cost == 1 + 7 * 3


def test_a_page_without_a_size_counts_as_the_default_page() -> None:
    assert tally("{ tasks { nodes { id } } }").cost == 1 + limits.PAGE * 2
    assert tally("{ tasks(first: null) { nodes { id } } }").cost == 1 + limits.PAGE * 2


@pytest.mark.parametrize("size", ["5000", "-1", "99999999999999999999"])
def test_a_size_that_will_be_refused_counts_as_the_largest(size: str) -> None:
    text = f"{{ tasks(first: {size}) {{ nodes {{ id }} }} }}"
    assert tally(text).cost == 1 + limits.PAGE_MAX * 2


def test_sizes_come_from_variables_and_their_defaults() -> None:
    text = "query ($n: Int = 3) { tasks(first: $n) { nodes { id } } }"
    assert tally(text).cost == 1 + 3 * 2
    assert tally(text, n=50).cost == 1 + 50 * 2
    assert tally(text, n="many").cost == 1 + limits.PAGE_MAX * 2


def test_edges_count_as_nodes_do() -> None:
    assert tally("{ tasks(first: 5) { edges { node { id } } } }").cost == 1 + 5 * 3


def test_a_plain_list_counts_as_several() -> None:
    assert tally("{ task(id: 1) { drafts { id } } }").cost == 2 + limits.LIST_WEIGHT


def test_fragments_count_wherever_they_are_spread() -> None:
    spread = tally("{ a: task(id: 1) { ...F } b: task(id: 2) { ...F } } fragment F on Task { id }")
    written = tally("{ a: task(id: 1) { id } b: task(id: 2) { id } }")
    assert spread == written


def test_lists_within_lists_are_refused() -> None:
    text = "{ tasks(first: 100) { nodes { drafts { task { drafts { task { drafts { id } } } } } } }"
    assert "values in the answer" in refusal(text + " }")


def test_a_deep_query_is_refused() -> None:
    deep = "parent { " * limits.DEPTH
    assert "levels deep" in refusal(f"{{ task(id: 1) {{ {deep} id {'}' * limits.DEPTH} }} }}")


def test_depth_counts_through_fragments() -> None:
    chain = " ".join(
        f"fragment F{n} on Task {{ parent {{ ...F{n + 1} }} }}" for n in range(limits.DEPTH)
    )
    end = f"fragment F{limits.DEPTH} on Task {{ id }}"
    assert "levels deep" in refusal(f"{{ task(id: 1) {{ ...F0 }} }} {chain} {end}")


def test_many_aliases_are_refused() -> None:
    text = " ".join(f"a{n}: hello" for n in range(limits.ALIASES + 1))
    assert "aliases" in refusal(f"{{ {text} }}")


def test_many_fields_are_refused() -> None:
    fields = " ".join(f"f{n}" for n in range(limits.FIELDS + 1))
    assert "fields" in refusal(f"{{ {fields} }}")


def test_a_field_repeated_without_end_is_refused() -> None:
    assert "the same field" in refusal(f"{{ {'hello ' * (limits.REPEATS + 1)} }}")
    assert refusal(f"{{ {'hello ' * limits.REPEATS} }}") == ""


def test_many_directives_are_refused_wherever_they_stand() -> None:
    many = "@a " * (limits.DIRECTIVES + 1)
    assert "directives" in refusal(f"{{ hello {many} }}")
    assert "directives" in refusal(f"query {many} {{ hello }}")
    assert "directives" in refusal(f"{{ ...F }} fragment F on Query {many} {{ hello }}")
    assert "directives" in refusal(f"{{ ... on Query {many} {{ hello }} }}")


def test_many_fragments_and_operations_are_refused() -> None:
    fragments = " ".join(f"fragment F{n} on Query {{ hello }}" for n in range(limits.FRAGMENTS + 1))
    operations = " ".join(f"query Q{n} {{ hello }}" for n in range(limits.OPERATIONS + 1))
    assert "fragments" in refusal(f"{{ hello }} {fragments}")
    assert "operations" in refusal(operations)


def test_every_operation_of_a_document_is_measured() -> None:
    aliases = " ".join(f"a{n}: hello" for n in range(limits.ALIASES + 1))
    assert "aliases" in refusal(f"query A {{ hello }} query B {{ {aliases} }}")


def test_selections_far_inside_each_other_end_in_a_refusal_not_in_a_crash() -> None:
    depth = limits.NESTING + 5
    assert "inside each other" in refusal("{ ... " * depth + "{ hello" + " }" * (depth + 1))


def test_a_cycle_of_fragments_is_left_to_validation() -> None:
    cycle = "{ ...A } fragment A on Query { hello ...B } fragment B on Query { ...A }"
    assert refusal(cycle) == ""
    assert tally(cycle).fields == 1


def test_the_standard_introspection_query_is_let_through() -> None:
    text = get_introspection_query(
        directive_is_repeatable=True, schema_description=True, input_value_deprecation=True
    )
    assert refusal(text) == ""
    assert tally(text).introspection <= limits.INTROSPECTION_COST


def test_introspection_that_turns_in_circles_is_refused() -> None:
    ring = "fields { type { " * 5
    assert refusal(f"{{ __schema {{ types {{ {ring} name {'} }' * 5} }} }} }}") != ""


@pytest.mark.parametrize("size", [10, 25, 49])
def test_fragments_that_double_take_no_time(size: int) -> None:
    doubling = " ".join(
        f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(size)
    )
    document = parse(f"{{ ...F0 }} {doubling} fragment F{size} on Query {{ a: hello }}")
    begun = time.thread_time()
    errors = guard.refusals(SCHEMA, document, {})
    assert time.thread_time() - begun < 0.05
    assert len(errors) == 1
    assert errors[0].extensions == {"code": "QUERY_TOO_COMPLEX"}

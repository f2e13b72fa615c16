"""Guard: what a query would cost, known before a single resolver runs.

One walk, in time linear in the document: each fragment is measured once and the
sums saturate, so that fragments spread into fragments cannot make the walk itself
the attack.  Sizes come from ``first``, ``last`` and ``hours``; a missing one is the default
page, one that cannot be read counts as the largest.  Anything ill-formed is left
for validation to name.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionNode,
    SelectionSetNode,
    TypeMetaFieldDef,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)

from graphql_api import limits

_META = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}
_CAP = 10**9
_SIZES = ("first", "last", "hours")
"""Arguments that say how many values come back."""


class Tally(NamedTuple):
    """What a selection adds up to; ``cost`` counts the values that may come back."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0
    directives: int = 0
    cost: int = 0
    introspection: int = 0

    def beside(self, other: "Tally") -> "Tally":
        """Return the tally of two selections that stand next to each other."""
        sums = (min(a + b, _CAP) for a, b in zip(self[1:], other[1:], strict=True))
        return Tally(max(self.depth, other.depth), *sums)


NOTHING = Tally()


def refusals(
    schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any] | None
) -> list[GraphQLError]:
    """Return why this document is too much to run; empty when it is not.

    Every operation in it is measured, whichever will run: all of them are validated.
    """
    try:
        _count_definitions(document)
        walk = _Walk(schema, document, variables or {})
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode):
                _judge(walk.operation(definition))
    except GraphQLError as refusal:
        return [refusal]
    return []


def measure(
    schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any] | None = None
) -> Tally:
    """Return the tally of all the operations of a document together."""
    walk = _Walk(schema, document, variables or {})
    total = NOTHING
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            total = total.beside(walk.operation(definition))
    return total


def too_much(what: str, limit: int) -> GraphQLError:
    """Return the refusal of a document that goes past a limit."""
    message = (
        f"The query is too much for one request: {what}, at most {limit}. Ask in smaller parts."
    )
    return GraphQLError(message, extensions={"code": "QUERY_TOO_COMPLEX"})


def _count_definitions(document: DocumentNode) -> None:
    fragments = sum(isinstance(d, FragmentDefinitionNode) for d in document.definitions)
    if fragments > limits.FRAGMENTS:
        raise too_much(f"{fragments} fragments", limits.FRAGMENTS)
    if len(document.definitions) - fragments > limits.OPERATIONS:
        raise too_much(f"{len(document.definitions) - fragments} operations", limits.OPERATIONS)


def _judge(tally: Tally) -> None:
    for name, value, limit in (
        ("levels deep", tally.depth, limits.DEPTH),
        ("aliases", tally.aliases, limits.ALIASES),
        ("fields", tally.fields, limits.FIELDS),
        ("directives", tally.directives, limits.DIRECTIVES),
        ("values in the answer", tally.cost, limits.COST),
        ("values of introspection", tally.introspection, limits.INTROSPECTION_COST),
    ):
        if value > limit:
            raise too_much(f"{value if value < _CAP else 'countless'} {name}", limit)


def _judge_repeats(nodes: Sequence[SelectionNode]) -> None:
    names = Counter(
        (node.alias or node.name).value for node in nodes if isinstance(node, FieldNode)
    )
    if names and (most := max(names.values())) > limits.REPEATS:
        raise too_much(f"{most} times the same field", limits.REPEATS)


class _Walk:
    """One pass over one document; holds what each fragment came to."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]
    ) -> None:
        self._schema = schema
        self._variables = variables
        self._defaults: dict[str, Any] = {}
        self._known: dict[str, Tally] = {}
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }

    def operation(self, operation: OperationDefinitionNode) -> Tally:
        """Measure one operation.  Fragments are measured anew: its variables size them."""
        self._known.clear()
        self._defaults = {
            definition.variable.name.value: definition.default_value
            for definition in operation.variable_definitions or ()
        }
        root = self._schema.get_root_type(operation.operation)
        tally = self._set(operation.selection_set, root, 0)
        return tally.beside(Tally(directives=len(operation.directives or ())))

    def _set(
        self, selections: SelectionSetNode | None, parent: GraphQLNamedType | None, nesting: int
    ) -> Tally:
        if nesting > limits.NESTING:
            raise too_much("selections inside each other", limits.NESTING)
        nodes = selections.selections if selections else ()
        _judge_repeats(nodes)
        total = NOTHING
        for node in nodes:
            total = total.beside(self._selection(node, parent, nesting + 1))
        return total

    def _selection(
        self, node: SelectionNode, parent: GraphQLNamedType | None, nesting: int
    ) -> Tally:
        marks = Tally(directives=len(node.directives or ()))
        if isinstance(node, FieldNode):
            return marks.beside(self._field(node, parent, nesting))
        if isinstance(node, InlineFragmentNode):
            named = node.type_condition.name.value if node.type_condition else None
            inner = self._schema.get_type(named) if named else parent
            return marks.beside(self._set(node.selection_set, inner, nesting))
        if isinstance(node, FragmentSpreadNode):
            return marks.beside(self._fragment(node.name.value, nesting))
        return marks

    def _fragment(self, name: str, nesting: int) -> Tally:
        if name not in self._known and name in self._fragments:
            self._known[name] = NOTHING  # a cycle adds nothing here; validation names it
            fragment = self._fragments[name]
            on = self._schema.get_type(fragment.type_condition.name.value)
            inner = self._set(fragment.selection_set, on, nesting)
            self._known[name] = inner.beside(Tally(directives=len(fragment.directives or ())))
        return self._known.get(name, NOTHING)

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, nesting: int) -> Tally:
        name = node.name.value
        field = _META.get(name) or getattr(parent, "fields", {}).get(name)
        inner = self._set(
            node.selection_set, get_named_type(field.type) if field else None, nesting
        )
        cost = min(1 + self._weight(node, field, parent) * inner.cost, _CAP)
        return Tally(
            depth=inner.depth + 1,
            aliases=min(inner.aliases + bool(node.alias), _CAP),
            fields=min(inner.fields + 1, _CAP),
            directives=inner.directives,
            cost=0 if name in _META else cost,
            introspection=min(inner.introspection + (cost if name in _META else 0), _CAP),
        )

    def _weight(
        self, node: FieldNode, field: GraphQLField | None, parent: GraphQLNamedType | None
    ) -> int:
        if field is None:
            return 1
        if any(name in field.args for name in _SIZES):
            return self._page(node)
        # The rows of a page were counted where its size stands.
        if parent is not None and parent.name.endswith("Connection"):
            return 1
        named = get_named_type(field.type)
        if not (is_list_type(get_nullable_type(field.type)) and is_composite_type(named)):
            return 1
        return limits.LONG_LISTS.get(named.name, limits.LIST_WEIGHT)

    def _page(self, node: FieldNode) -> int:
        asked = [
            self._number(argument.value)
            for argument in node.arguments or ()
            if argument.name.value in _SIZES
        ]
        sizes = [size for size in asked if size is not None]
        return max(sizes, default=limits.PAGE)

    def _number(self, value: Any) -> int | None:
        if isinstance(value, VariableNode):
            name = value.name.value
            value = self._variables.get(name, self._defaults.get(name))
        if value is None or isinstance(value, NullValueNode):
            return None
        if isinstance(value, IntValueNode):
            value = int(value.value[:9])
        readable = isinstance(value, int) and 0 <= value <= limits.PAGE_MAX
        return int(value) if readable else limits.PAGE_MAX

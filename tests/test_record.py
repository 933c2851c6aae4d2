"""A record is what a frozen dataclass with slots is: its constructor, equality, hash, text, copies; nothing changes."""

import copy
import pickle
from dataclasses import MISSING, FrozenInstanceError, asdict, dataclass, field, fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_mla.record import record


def twins(count: int, defaults: int) -> tuple[type, type]:
    """A record and a dataclass of the same fields: every third is not compared, every fourth not shown."""
    known = [f"f{k}" for k in range(count)]
    body: dict[str, Any] = {}
    for k, name in enumerate(known):
        default: Any = MISSING if k < count - defaults else k
        body[name] = field(default=default, compare=k % 3 != 2, repr=k % 4 != 3)
    body |= {"__annotations__": dict.fromkeys(known, int), "total": lambda self: sum(asdict(self).values())}
    ours, theirs = (type("Twin", (), dict(body)) for _ in range(2))
    return record(ours), dataclass(frozen=True, slots=True)(theirs)


@record
class Point:
    """Stands in the module, as `pickle` asks."""

    x: int
    y: tuple[int, ...] = ()
    name: str = field(default="", compare=False, repr=False)

    def moved(self, by: int) -> "Point":
        """Methods and docstrings stay."""
        return replace(self, x=self.x + by)


@given(st.integers(0, 13).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), st.data())
def test_as_a_dataclass_is(shape: tuple[int, int], data: st.DataObject) -> None:
    """For any number of fields and defaults: what is made, what is equal, how it reads, what `dataclasses` says."""
    count, defaults = shape
    ours, theirs = twins(count, defaults)
    assert ours.__match_args__ == theirs.__match_args__ and ours.__slots__ == theirs.__slots__  # type: ignore[attr-defined]
    given_ = data.draw(st.lists(st.lists(st.integers(0, 2), min_size=count, max_size=count), min_size=2, max_size=2))
    places = data.draw(st.integers(0, count))
    one, other = ([c(*v[:places], **{f"f{k}": v[k] for k in range(places, count)}) for v in given_]
                  for c in (ours, theirs))  # fmt: skip
    assert (one[0] == one[1]) == (other[0] == other[1])
    assert list(map(hash, one)) == list(map(hash, other))
    assert [repr(x).partition("(")[2] for x in one] == [repr(x).partition("(")[2] for x in other]
    assert list(map(asdict, one)) == list(map(asdict, other)) and one[0].total() == other[0].total()
    assert [f.name for f in fields(ours)] == [f.name for f in fields(theirs)]
    assert one[0] != other[0]


@pytest.mark.parametrize("arguments", [((), {}), ((1, (), "", 4), {}), ((1,), {"x": 2}), ((1,), {"z": 2})])
def test_a_call_that_does_not_fit(arguments: tuple[tuple[int, ...], dict[str, int]]) -> None:
    """Too few, too many, one twice, one unknown."""
    with pytest.raises(TypeError, match=r"Point\(x, y=\(\), name=''\) cannot be called with"):
        Point(*arguments[0], **arguments[1])  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["x", "name", "other", "__dict__"])
def test_nothing_changes(name: str) -> None:
    """Fields stay as they are, and no other is added."""
    point = Point(1, (2,), "a")
    with pytest.raises(FrozenInstanceError):
        setattr(point, name, 3)
    with pytest.raises(FrozenInstanceError):
        delattr(point, name)
    assert (point.x, point.y, point.name) == (1, (2,), "a")


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda p: pickle.loads(pickle.dumps(p)), lambda p: p])
def test_copies_are_whole(again: object) -> None:
    """A copy has all fields, those that are not compared too; one with another field has the rest."""
    point = again(Point(1, (2,), "a"))  # type: ignore[operator]
    assert point == Point(1, (2,)) and point.name == "a" and hash(point) == hash(Point(1, (2,)))
    assert point.moved(2) == Point(3, (2,)) and point.moved(2).name == "a"
    assert is_dataclass(point) and repr(point) == "Point(x=1, y=(2,))"
    assert (Point.__doc__, Point.__module__) == ("Stands in the module, as `pickle` asks.", __name__)
    match point:
        case Point(x, y):
            assert (x, y) == (1, (2,))


def test_what_no_record_has() -> None:
    """Bases, factories and a field without a default behind one that has one are refused."""
    with pytest.raises(TypeError, match="Further: a record has no base"):
        record(type("Further", (Point,), {"__annotations__": {"z": int}}))
    with pytest.raises(TypeError, match=r"Made\.z: a record has no default_factory"):
        record(type("Made", (), {"__annotations__": {"z": list}, "z": field(default_factory=list)}))
    with pytest.raises(TypeError, match=r"Late\.b has no default, and stands behind a, which has one"):
        record(type("Late", (), {"__annotations__": {"a": int, "b": int}, "a": 1}))

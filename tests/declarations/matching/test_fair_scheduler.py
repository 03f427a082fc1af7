"""The order in which batches are worked: fair between organisations, whatever they have waiting."""

from declarations.matching.fair_scheduler import Turns


def worked(sizes: dict[tuple[int, int], int]) -> list[int]:
    """Work files of so many batches to their end; return the files in order of work."""
    turns, left, order = Turns(sizes), dict(sizes), list[int]()
    while turns:
        organisation_id, file_id = turns.take()
        order.append(file_id)
        left[organisation_id, file_id] -= 1
        if left[organisation_id, file_id]:
            turns.give_back(organisation_id, file_id)
    return order


def test_a_small_file_waits_for_one_batch_of_a_large_one() -> None:
    assert worked({(1, 10): 100, (2, 20): 1}).index(20) == 1


def test_an_organisation_with_many_files_gets_no_more_than_another() -> None:
    order = worked({(1, 10): 3, (1, 11): 3, (1, 12): 3, (2, 20): 3})
    assert order == [10, 20, 11, 20, 12, 20, 10, 11, 12, 10, 11, 12]


def test_files_of_one_organisation_take_turns() -> None:
    assert worked({(1, 10): 2, (1, 11): 1}) == [10, 11, 10]


def test_everything_is_worked_to_its_end() -> None:
    sizes = {(1, 10): 4, (2, 20): 1, (2, 21): 2, (3, 30): 3}
    order = worked(sizes)
    assert {file_id: order.count(file_id) for _, file_id in sizes} == {10: 4, 20: 1, 21: 2, 30: 3}


def test_without_work_nobody_has_a_turn() -> None:
    assert not Turns([])

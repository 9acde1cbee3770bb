from __future__ import annotations

import math

from hub.pictures.drawing import Words
from hub.pictures.labels import Room, pushed_apart, room_of_words, where_it_fits


def test_circles_in_one_place_are_pushed_apart() -> None:
    radii = [30.0, 10.0, 10.0, 20.0]
    middles = pushed_apart([(50.0, 50.0)] * 4, radii)
    for one in range(4):
        for other in range(one):
            away = math.dist(middles[one], middles[other])
            assert away >= radii[one] + radii[other] - 0.5
    assert pushed_apart([(50.0, 50.0)] * 4, radii) == middles


def test_circles_that_are_apart_stay_where_they_are() -> None:
    assert pushed_apart([(0.0, 0.0), (50.0, 0.0)], [10, 10]) == [(0.0, 0.0), (50.0, 0.0)]


def test_a_large_circle_moves_less() -> None:
    large, small = pushed_apart([(0.0, 0.0), (10.0, 0.0)], [30, 5])
    assert abs(large[0]) < 1 < small[0] - 10


def test_words_take_the_first_place_that_is_free_and_inside() -> None:
    places = [Words(10, 20, "nama"), Words(10, 60, "nama"), Words(10, 90, "nama")]
    within = Room(0, 0, 100, 100)
    assert where_it_fits(places, [], within) == places[0]
    assert where_it_fits(places, [room_of_words(places[0])], within) == places[1]
    assert where_it_fits(places, [Room(0, 0, 100, 70)], within) == places[2]
    assert where_it_fits(places, [within], within) is None
    assert where_it_fits([Words(90, 20, "nama")], [], within) is None

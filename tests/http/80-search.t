# SPDX-License-Identifier: Apache-2.0
# The home page is a search: services with the act on them, other names, sounds, errors, questions, nothing found.

== the first thing on the home page is the search field, and it needs no script
GET /
< 200
~ <form class="search" action="/s" method="get">
~ type="search" name="q"
~ 大家常搜
~ 记录改不了

== a service stands before what is written about it, with the act on it
GET /s?q=%E6%96%BD%E5%B7%A5%E8%AE%B8%E5%8F%AF%E8%AF%81
< 200
~ 怎样理解您的查询
~ 在线申请
~ href="/s/stage/3"
~ <mark>施工许可证</mark>
GET /api/v1/s?q=%E6%96%BD%E5%B7%A5%E8%AE%B8%E5%8F%AF%E8%AF%81
= groups.0.kind service
= groups.0.cards.0.title 施工许可证
= how typed

== a name that only people use leads to the permit
GET /api/v1/s?q=%E5%BC%80%E5%B7%A5%E8%AF%81
= how alias
= to 建筑工程施工许可证
= groups.0.cards.0.title 施工许可证

== initials, syllables, a wrong letter
GET /api/v1/s?q=sgxkz
= how pinyin
= to 施工许可证
GET /api/v1/s?q=shigongxuke
= how pinyin
GET /api/v1/s?q=shigongxukezhemg
= how pinyin
= to 施工许可证

== a wrong character of the same sound, and searching only for what was typed
GET /api/v1/s?q=%E6%96%BD%E5%B7%A5%E8%AE%B8%E5%8F%AF%E6%AD%A3
= how typo
= to 施工许可证
GET /s?q=%E6%96%BD%E5%B7%A5%E8%AE%B8%E5%8F%AF%E6%AD%A3
~ 按相近的“施工许可证”查找
~ as=typed
GET /api/v1/s?q=%E6%96%BD%E5%B7%A5%E8%AE%B8%E5%8F%AF%E6%AD%A3&as=typed
= found 0

== an item's card has its own days, by category where they differ, and no line of a stage
GET /s?q=%E6%96%BD%E5%B7%A5%E8%AE%B8%E5%8F%AF%E8%AF%81%E6%A0%B8%E5%8F%91
< 200
~ 按项目类别，
!~ 牵头：</p>
!~ 牵头： 
== a thing and a place: as much as for the thing, the place understood, whom one can ask there
GET /api/v1/s?q=%E8%A3%85%E4%BF%AE%E5%BA%97%E9%93%BA
? all = "found":(\d+)
GET /api/v1/s?q=%E8%A3%85%E4%BF%AE%E5%BA%97%E9%93%BA%20%E9%BE%99%E6%B8%AF%E5%8C%BA
= found {all}
= place 龙港区
GET /s?q=%E8%A3%85%E4%BF%AE%E5%BA%97%E9%93%BA%20%E9%BE%99%E6%B8%AF%E5%8C%BA
< 200
~ 也按“改造类”
~ 办事地点：龙港区
~ 龙港区政府，电话：
GET /api/v1/s?q=%E9%BE%99%E6%B8%AF%E5%8C%BA%20%E5%B9%BC%E5%84%BF%E5%9B%AD
= place 龙港区
GET /api/v1/s?q=%E8%A3%85%E4%BF%AE%E5%BA%97%E9%93%BA%20%E9%BE%99%E6%B8%AF%E5%8C%BA&as=typed
= found 0

== land in the words of daily life: the conditions and the adviser; 失信 from the home page and by search
GET /s?q=%E6%8B%8D%E5%8D%96
~ href="/s/reserve"
~ href="/s/advisor"
GET /s?q=%E5%A4%B1%E4%BF%A1
~ href="/credit"
GET /
~ <a href="/credit">信用公示</a>

== a question for days is answered with its clause, and one that nobody can answer says so
GET /s?q=%E7%A4%BE%E4%BC%9A%E6%8A%95%E8%B5%84%E5%B7%A5%E4%B8%9A%E7%B1%BB%E8%A6%81%E5%A4%9A%E5%B0%91%E5%A4%A9
~ 70 个工作日
~ href="/clause/D60-4.13-p7"
GET /s?q=%E7%81%AB%E6%98%9F%E5%9F%BA%E5%9C%B0%E8%A6%81%E5%A4%9A%E5%B0%91%E5%A4%A9
< 200
~ 没有可以直接回答的内容
~ href="/ask"
~ tel:8890
~ 〔待填〕

== a unit with its phones as far as they are given
GET /s?q=%E8%A7%84%E5%88%92%E5%B1%80
~ 市自然资源局
~ ，电话：〔待填〕
~ href="/s/leaders?unit=natural-resources"

== a document by its number, whichever brackets are typed
GET /api/v1/s?q=%5B2019%5D60%E5%8F%B7&kind=clause
= groups.0.kind clause

== the number of a case leads to it, to what this visitor may see
as wang
GET /w/projects
? number = (HLD-0000\d\d-[0-9A-Z])
GET /s?q={number}
< 303
< Location: /w/p/
== and anybody else to the public page
as wang
GET /w/projects
? number = (HLD-0000\d\d-[0-9A-Z])
as owner2
GET /logout
GET /s?q={number}
< 303

== suggestions are public words, small, and may be kept for a minute
GET /s/suggest?q=sgxk
< 200
< Content-Type: application/json
< Cache-Control: public
~ 施工许可证
GET /s/suggest?q=%E5%BC%80%E5%B7%A5
~ "text":"开工证","to":"建筑工程施工许可证"
GET /s/suggest?q=
~ []

== strange questions are only text
GET /s?q=%22%20OR%20%22
< 200
GET /s?q=%29%20NOT%20%28who
< 200
GET /s?q=%3Cscript%3E
< 200
!~ <script>
GET /s?q=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
< 422
~ 不超过 100 个字
GET /s?q=%E5%B7%A5&kind=unheard-of
< 200
GET /s?q=
< 200
!~ 怎样理解您的查询

== the same in English
GET /prefs
POST /prefs
+ lang=en
+ back=/
< 303
GET /s?q=kaigongzheng
~ read as pinyin for
~ lang="zh-CN"

== the filing may be passed before the joint acceptance: its guide says so, that of an acceptance does not
GET /s/item/completion-filing
~ 这一项可以在联合验收以前通过
~ href="/clause/D60-4.15-p5"
GET /s/item/accept-fire
!~ 这一项可以在联合验收以前通过

/* SPDX-License-Identifier: Apache-2.0 */
/* cells.c: which keys the rows of the younger files have; those of the first files stand in tables.c. */
#include "policy/lists.h"
#include "policy/notices.h"
#include "policy/policy_int.h"
#include "policy/sayings.h"
#include "policy/surveys.h"

const Cell policy__body_cells[9] = {
    CELL(Organ, CELL_STR, code, true), CELL(Organ, CELL_STR, name, true), CELL(Organ, CELL_STR, head, true), LIST(Organ, CELL_STRS, deputies, deputy_count),
    LIST(Organ, CELL_STRS, others, other_count), LIST(Organ, CELL_STRS, units, unit_count), LIST(Organ, CELL_STRS, aliases, alias_count),
    CELL(Organ, CELL_STR, duty, false), SOURCE(Organ, "", source)};
const Cell policy__rule_cells[4] = {CELL(RuleKind, CELL_STR, code, true), CELL(RuleKind, CELL_STR, name, true), LIST(RuleKind, CELL_STRS, leads, lead_count), SOURCE(RuleKind, "", source)};
const Cell policy__grade_cells[4] = {CELL(Grade, CELL_STR, code, true), CELL(Grade, CELL_STR, name, true), CELL(Grade, CELL_INT, from, true), SOURCE(Grade, "", source)};
const Cell policy__dimension_cells[3] = {CELL(Dimension, CELL_STR, code, true), CELL(Dimension, CELL_STR, name, true), SOURCE(Dimension, "", source)};
const Cell policy__indicator_cells[9] = {
    CELL(Indicator, CELL_STR, code, true), CELL(Indicator, CELL_STR, name, true), CELL(Indicator, CELL_STR, dimension, true), CELL(Indicator, CELL_STR, method, true),
    CELL(Indicator, CELL_STR, figure, false), CELL(Indicator, CELL_INT, weight, true), CELL(Indicator, CELL_BOOL, disclosure, false), SOURCE(Indicator, "", source),
    SOURCE(Indicator, "weight", weight_source)};
#define WORD(field, need) CELL(ListCondition, CELL_STR, field, need)
const Cell policy__condition_cells[8] = {WORD(code, true), WORD(list, true), WORD(subject, true), WORD(name, true), WORD(from, true), WORD(until, false),
                                       CELL(ListCondition, CELL_INT, months, false), SOURCE(ListCondition, "", source)};

const Cell policy__permit_cells[12] = {
    CELL(Permit, CELL_STR, code, true), CELL(Permit, CELL_STR, name, true), CELL(Permit, CELL_INT, stage, true),
    LIST(Permit, CELL_STRS, items, item_count), LIST(Permit, CELL_STRS, merges, merge_count), LIST(Permit, CELL_STRS, aliases, alias_count),
    LIST(Permit, CELL_STRS, shows, show_count),
    CELL(Permit, CELL_STR, issuer, true), CELL(Permit, CELL_STR, material, false), CELL(Permit, CELL_BOOL, listed, false),
    SOURCE(Permit, "", source), SOURCE(Permit, "issuer", issuer_source)};

const Cell policy__notice_cells[7] = {
    CELL(NoticeRule, CELL_STR, code, true), CELL(NoticeRule, CELL_STR, event, true), LIST(NoticeRule, CELL_STRS, to, to_count),
    LIST(NoticeRule, CELL_STRS, by, by_count), CELL(NoticeRule, CELL_STR, title, true), CELL(NoticeRule, CELL_STR, text, true),
    SOURCE(NoticeRule, "", source)};

const Cell policy__survey_cells[8] = {CELL(SurveyPart, CELL_STR, code, true), CELL(SurveyPart, CELL_STR, name, true), CELL(SurveyPart, CELL_STR, unit, true),
                                    CELL(SurveyPart, CELL_STR, item, false), LIST(SurveyPart, CELL_STRS, contents, content_count),
                                    CELL(SurveyPart, CELL_STR, precision, true), CELL(SurveyPart, CELL_STR, form, true), SOURCE(SurveyPart, "", source)};
const Cell policy__saying_cells[2] = {CELL(Saying, CELL_STR, means, true), LIST(Saying, CELL_STRS, say, say_count)};
const Cell policy__sphere_cells[2] = {CELL(Sphere, CELL_STR, unit, true), LIST(Sphere, CELL_STRS, say, say_count)};
const Cell policy__errand_cells[2] = {CELL(Errand, CELL_STR, leads, true), LIST(Errand, CELL_STRS, say, say_count)};
const Cell policy__layer_cells[10] = {
    CELL(LayerKind, CELL_STR, code, true), CELL(LayerKind, CELL_STR, name, true), CELL(LayerKind, CELL_STR, group, true), CELL(LayerKind, CELL_STR, rule, true),
    CELL(LayerKind, CELL_BOOL, restricted, false), CELL(LayerKind, CELL_STR, unit, true), CELL(LayerKind, CELL_STR, effect, true), CELL(LayerKind, CELL_STR, way, false),
    SOURCE(LayerKind, "", source), SOURCE(LayerKind, "rule", rule_source)};
const Cell policy__act_cells[8] = {
    CELL(BlueprintAct, CELL_STR, code, true), CELL(BlueprintAct, CELL_STR, name, true), CELL(BlueprintAct, CELL_STR, when, true), CELL(BlueprintAct, CELL_STR, unless, false),
    CELL(BlueprintAct, CELL_STR, unit, true), CELL(BlueprintAct, CELL_STR, effect, true), CELL(BlueprintAct, CELL_STR, way, true), SOURCE(BlueprintAct, "", source)};
#define CERTAIN(T) CELL(T, CELL_BOOL, certain, false)
const Cell policy__spgl_table_cells[6] = {CELL(SpglTable, CELL_STR, name, true), CELL(SpglTable, CELL_STR, label, true), CELL(SpglTable, CELL_STR, no, true),
                                        CELL(SpglTable, CELL_STR, section, true), CELL(SpglTable, CELL_STR, per, true), CERTAIN(SpglTable)};
const Cell policy__spgl_column_cells[9] = {
    CELL(SpglColumn, CELL_STR, at, true), CELL(SpglColumn, CELL_STR, label, true), CELL(SpglColumn, CELL_STR, type, true), CELL(SpglColumn, CELL_STR, from, false),
    CELL(SpglColumn, CELL_STR, value, false), CELL(SpglColumn, CELL_STR, list, false), CELL(SpglColumn, CELL_BOOL, required, false), CELL(SpglColumn, CELL_INT, max, false), CERTAIN(SpglColumn)};
const Cell policy__spgl_code_cells[5] = {CELL(SpglCode, CELL_STR, code, true), CELL(SpglCode, CELL_STR, label, true), LIST(SpglCode, CELL_STRS, of, of_count),
                                       CELL(SpglCode, CELL_BOOL, other, false), CERTAIN(SpglCode)};
const Cell policy__spgl_act_cells[4] = {CELL(SpglAct, CELL_STR, code, true), CELL(SpglAct, CELL_STR, name, true), CELL(SpglAct, CELL_STR, status, true), CERTAIN(SpglAct)};

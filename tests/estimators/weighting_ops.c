#include "ops.h"

const struct estimator_op weighting_ops[] = {{NULL, NULL}};
